"""Where an answer through a peer is not the engine's, and why. All recordings that are not named here are answered alike.

A place is what `recorded.differences` calls it. When a route comes or a difference goes, its line here must go, too.
"""

# Every model of a list says which nodes have it (`fleet_nodes`, as with ollama-herd); `embedding_length` is not reported between
# peers. Loaded models come first in `/api/tags`; the order is not compared.
LISTED = {"$.models[].details keys"}
# `herd_version` beside Ollama's `version`.
VERSION = {"$ keys"}
# A peer counts tokens itself; Ollama has no such route.
COUNTED = {"status", "content-type", "$"}

DIFFERENT = {
    "tags": LISTED,
    "cors-get-localhost": LISTED,
    "ps": LISTED | {"$.models[] keys"},  # `fleet_node`
    "ps-forever": LISTED | {"$.models[] keys"},
    "version": VERSION,
    "host-local-tld": VERSION,
    # Read whole before it is passed on, so its length is known.
    "show": {"framing"},
    "show-name-key": {"framing"},
    # Refused by what the model can do, before an engine is asked: the same status in other words.
    "embed-with-chat-model": {"$.error"},
    "err-show-bad-json": {"$.error"},
    # 403 without a body by both; the list of methods is not for strangers.
    "cors-preflight-foreign": {"allow"},
    "v1-messages-count-tokens": COUNTED,
    # This Ollama has no route for pictures; a fleet has one, and says that no engine with the model makes any.
    "err-images": {"status", "content-type", "$"},
}

# Requests that llama.cpp was asked, to the demo engine.
LLAMA_AT_DEMO = {
    "api-tags": LISTED,
    "api-version": VERSION,
    # The peer's own pages; Ollama has none.
    "health": {"status", "content-type", "$"},
    "metrics": {"status", "content-type", "$"},
    # Neither messages nor a model: the peer misses the model first.
    "v1-chat-no-messages": {"content-type", "$.error.message"},
    "v1-messages-count-tokens": COUNTED,
}

# llama.cpp's pages of one engine. A peer stands for many.
LLAMA_MISSING = {"props", "slots-idle"}

# What a peer says of a request before an engine is asked has OpenAI's members as Ollama writes them (`param`, `code`), not
# llama.cpp's.
REFUSED = {"$.error keys", "$.error.code", "$.error.message"}

LLAMA = {
    # Ollama's routes, which llama.cpp does not have: a peer has them for every engine.
    "api-tags": {"status", "$ keys"},
    "api-version": {"status", "$ keys"},
    "root": {"status", "content-type"},
    # The peer's own pages, and the fleet's models.
    "health": {"$ keys"},
    "metrics": {"content-type", "$"},
    "v1-models": {"content-type", "$ keys", "$.data length", "$.data[] keys", "$.data[].owned_by"},
    "v1-chat-bad-json": REFUSED,
    # These name no model. llama.cpp serves what it has; a fleet must know which.
    "v1-chat-no-messages": REFUSED | {"content-type"},
    "v1-chat-context-overflow": REFUSED | {"content-type", "$.error.type"},
    "v1-embeddings-on-chat-model": REFUSED | {"content-type", "status", "$.error.type"},
    # llama.cpp answers for any name; a fleet says that nobody has it.
    "v1-chat-unknown-model": {"status", "content-type", "$ keys"},
    # Anthropic's and the Responses routes are written from chat completions, so that a failure in mid-stream is told: there is a
    # `ping`, nothing is said of the cache before it is known, and a response has all members that OpenAI's has.
    "v1-messages-count-tokens": {"content-type"},
    "v1-messages-stream": {
        "content-type", "lines", "line  prefix", "line  keys", "line .type", "line .delta.text", "line .message.usage keys",
    },
    "v1-responses": {"$ keys", "$.usage keys"},
}

# Ollama ends these streams without a word when its runner dies; a peer adds an error in the client's dialect.
SILENT = {"v1-chat", "v1-messages", "v1-responses"}
