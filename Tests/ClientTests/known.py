"""What is asked, and what both engines are known to answer."""

REPLY = "Hello from the tiny herd model , I count one two three four five six seven eight nine ten and stop ."
REPLY_TOKENS = 23
VECTOR_WIDTH = 128
QUESTION = [{"role": "user", "content": "count"}]
# The answer has no end of its own.
LONG = [{"role": "system", "content": "LONG"}, {"role": "user", "content": "go"}]
# Longer than the context of either engine.
TOO_LONG = [{"role": "user", "content": "x" * 20_000}]

CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOL = {"type": "function", "function": {"name": "get_weather", "description": "the weather", "parameters": CITY}}
CALL = ("get_weather", {"city": "Paris"})

# A shape without free text: real engines fill it by grammar, with whatever the model likes best.
REPORT = {"type": "object", "additionalProperties": False, "required": ["city", "sunny"],
          "properties": {"city": {"type": "string", "enum": ["Paris", "Rome"]}, "sunny": {"type": "boolean"}}}


def is_report(value: object) -> bool:
    """Whether an answer has the shape of `REPORT`."""
    return isinstance(value, dict) and set(value) == {"city", "sunny"} and value["city"] in ("Paris", "Rome") \
        and isinstance(value["sunny"], bool)
