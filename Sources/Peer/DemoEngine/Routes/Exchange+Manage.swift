import NIOCore
import NIOHTTP1

extension Exchange {
    private static let plainJSON = "application/json"

    func copyModel() throws(DemoFailure) {
        let body = try RequestBody(self, structure: "CopyRequest")
        let source = try body.string("source") ?? ""
        let destination = try body.string("destination") ?? ""
        guard ModelName.isValid(source) else { throw .early("source \"\(source)\" is invalid") }
        guard ModelName.isValid(destination) else { throw .early("destination \"\(destination)\" is invalid") }
        guard let installed = core.shelf.find(source) else {
            throw DemoFailure(status: .notFound, text: "model \"\(source)\" not found")
        }
        var model = installed.model
        model.name = ModelName.full(destination)
        core.shelf.add(model, system: installed.system, parent: installed.parent, digest: installed.digest)
        send(.ok)
    }

    func deleteModel() throws(DemoFailure) {
        let body = try RequestBody(self, structure: "DeleteRequest")
        let given = try body.string("model") ?? ""
        let name = try given.isEmpty ? body.string("name") ?? "" : given
        guard ModelName.isValid(name) else { throw DemoFailure(status: .badRequest, text: "name \"\(name)\" is invalid") }
        guard core.shelf.remove(name) else { throw .notFound(name) }
        send(.ok)
    }

    func create() throws(DemoFailure) {
        let body = try RequestBody(self, structure: "CreateRequest")
        let given = try body.string("model") ?? ""
        let name = try given.isEmpty ? body.string("name") ?? "" : given
        guard ModelName.isValid(name) else { throw .invalidName }
        let from = try body.string("from") ?? ""
        guard !from.isEmpty || body["files"] != nil else {
            throw DemoFailure(
                status: .badRequest, text: "neither 'from' or 'files' was specified", contentType: Self.plainJSON,
                isChunked: true)
        }
        guard let parent = core.shelf.find(from) ?? (from.isEmpty ? core.shelf.all.first : nil) else {
            throw .notFound(from)
        }
        if case .object(let files)? = body["files"] {
            for digest in files.map({ $0.value.string ?? "" }) where !core.shelf.hasBlob(digest) {
                throw DemoFailure(
                    status: .badRequest, text: "no such file: \(digest)", contentType: Self.plainJSON, isChunked: true)
            }
        }
        let system = try body.string("system")
        var model = parent.model
        model.name = ModelName.full(name)
        core.shelf.add(model, system: system, parent: parent.model.name)
        sendProgress(
            [
                ["status": .string("using existing layer sha256:\(parent.digest)")],
                ["status": .string("creating new layer sha256:\(ModelShelf.digest(system ?? name))")],
                ["status": .string("using existing layer sha256:\(ModelShelf.digest(parent.model.name + " parameters"))")],
                ["status": "writing manifest"], ["status": "success"],
            ], isStream: try body.isStreamByDefault)
    }

    func pull() throws(DemoFailure) {
        let body = try RequestBody(self, structure: "PullRequest")
        let given = try body.string("model") ?? ""
        let name = try given.isEmpty ? body.string("name") ?? "" : given
        guard ModelName.isValid(name) else { throw .invalidName }
        let isStream = try body.isStreamByDefault
        let key = ModelName.key(name)
        guard
            let model = core.shelf.find(name)?.model ?? core.configuration.pullable.first(where: { $0.name.lowercased() == key })
        else {
            let text = "pull model manifest: file does not exist"
            guard isStream else {
                throw DemoFailure(status: .internalServerError, text: text, contentType: Self.plainJSON)
            }
            sendProgress([["status": "pulling manifest"], ["error": .string(text)]], isStream: true)
            return
        }
        let digest = ModelShelf.digest(model.name)
        let total = model.sizeBytes
        var lines: [JSONValue] = [["status": "pulling manifest"]]
        for step in 0...4 {
            lines.append(
                .present([
                    "status": .string("pulling \(digest.prefix(12))"), "digest": .string("sha256:\(digest)"),
                    "total": .integer(total), "completed": step == 0 ? nil : .integer(total * Int64(step) / 4),
                ]))
        }
        lines += [["status": "verifying sha256 digest"], ["status": "writing manifest"], ["status": "success"]]
        core.shelf.add(model)
        sendProgress(lines, isStream: isStream)
    }

    func push() throws(DemoFailure) {
        let body = try RequestBody(self, structure: "PushRequest")
        let given = try body.string("model") ?? ""
        let name = try given.isEmpty ? body.string("name") ?? "" : given
        guard ModelName.isValid(name) else { throw .invalidName }
        let isStream = try body.isStreamByDefault
        let text = "the demo engine has no registry to push to"
        guard isStream else { throw DemoFailure(status: .internalServerError, text: text, contentType: Self.plainJSON) }
        sendProgress([["status": "retrieving manifest"], ["error": .string(text)]], isStream: true)
    }

    func headBlob() {
        let digest = RouteTable.single("/api/blobs/", path) ?? ""
        let type = "application/json; charset=utf-8"
        guard Self.isDigest(digest) else {
            send(.badRequest, type: type)
            return
        }
        if core.shelf.hasBlob(digest) { send(.ok) } else { send(.notFound, type: type) }
    }

    func postBlob() throws(DemoFailure) {
        let digest = RouteTable.single("/api/blobs/", path) ?? ""
        guard Self.isDigest(digest) else { throw DemoFailure(status: .badRequest, text: "invalid digest format") }
        let actual = "sha256:" + (blobDigest ?? ModelShelf.digest(body))
        guard actual == digest else {
            throw DemoFailure(status: .badRequest, text: "digest mismatch, expected \"\(digest)\", got \"\(actual)\"")
        }
        send(core.shelf.addBlob(digest) ? .created : .ok)
    }

    private static func isDigest(_ text: String) -> Bool {
        text.hasPrefix("sha256:") && text.utf8.count == 71 && text.dropFirst(7).allSatisfy(\.isHexDigit)
    }

    /// Progress as lines, one per token time; or its last object alone.
    private func sendProgress(_ lines: [JSONValue], isStream: Bool) {
        guard isStream else {
            send(lines.last ?? [:], type: Self.plainJSON)
            return
        }
        begin(.ok, type: "application/x-ndjson", length: nil)
        sendLine(lines[...])
    }

    private func sendLine(_ lines: ArraySlice<JSONValue>) {
        guard let first = lines.first else {
            end()
            return
        }
        write(first.text + "\n")
        context.flush()
        let delay = core.control.settings.tokenDelay
        guard delay > .zero else {
            sendLine(lines.dropFirst())
            return
        }
        context.eventLoop.assumeIsolated().scheduleTask(in: delay.timeAmount) {
            guard self.context.channel.isActive else { return }
            self.sendLine(lines.dropFirst())
        }
    }
}
