internal import NIOCore

extension LaneRequest {
    // MARK: Bodies that are packed

    /// Unpacks a body on another thread, then goes on. Engines get it as it was before: they need not know the coding.
    func unpackBody() {
        let coding = head.all(.contentEncoding).joined(separator: ",").lowercased()
        head.remove(.contentEncoding)
        switch coding {
        case "", "identity": return bodyUnpacked()
        case "zstd": break
        default:
            var failure = LaneFailure(
                415, "a body in '\(coding)' cannot be read here: send it as it is, or with Content-Encoding: zstd")
            failure.isFinal = true
            return fail(failure, as: .rejected)
        }
        let packed = body
        // Prompts shrink to a tenth, bombs to a thousandth. The room is taken beforehand: many may be unpacked at once.
        let limit = min(settings.maximumBodyBytes, max(1 << 20, 100 * packed.readableBytes))
        guard loop.reserve(limit) else { return fail(tooManyBodies, as: .rejected) }
        let eventLoop = loop.eventLoop
        let request = NIOLoopBound(self, eventLoop: eventLoop)
        Task.detached {
            let outcome: Result<ByteBuffer, ZstdBody.Problem>
            do throws(ZstdBody.Problem) {
                outcome = .success(try ZstdBody.decoded(packed, limit: limit))
            } catch {
                outcome = .failure(error)
            }
            eventLoop.execute {
                request.value.loop.giveBack(limit)
                request.value.take(outcome, limit: limit)
            }
        }
    }

    private func take(_ outcome: Result<ByteBuffer, ZstdBody.Problem>, limit: Int) {
        guard state == .receiving else { return }
        switch outcome {
        case .success(let unpacked):
            let more = unpacked.readableBytes - body.readableBytes
            guard more <= 0 || loop.reserve(more) else { return fail(tooManyBodies, as: .rejected) }
            if more < 0 { loop.giveBack(-more) }
            body = unpacked
            bodyUnpacked()
        case .failure(.damaged): fail(LaneFailure(400, "the body says that it is zstd, and is damaged or none"), as: .rejected)
        case .failure(.tooLarge):
            fail(LaneFailure(413, "the unpacked request body is larger than \(limit) bytes"), as: .rejected)
        }
    }
}
