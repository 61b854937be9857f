import Dispatch
import FastLane
import Foundation
import Health
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// Writes what clients send into files, on a thread of its own, and sees to it that they do not get old. Exists also where nothing
/// is captured: files of earlier days go then, too.
final class CaptureWriter: RequestCapture, Service {
    private struct State {
        var waiting: [CapturedRequest] = []
        var bytes = 0
        var dropped = 0
        var isFailing = false
    }

    private let node: String
    private let settings: CaptureSettings
    private let logger: Logger
    private let state = Mutex(State())
    /// Used on the queue alone, but for figures.
    private let folder: Mutex<CaptureFolder>
    private let queue = DispatchQueue(label: "herd-peer.capture", qos: .utility)

    /// More requests do not wait to be written.
    static let mostWaiting = 1_024
    /// Nor more bytes of them, beside one that is larger.
    static let mostBytes = 64 << 20
    /// The rest of a longer body is left out, bytes.
    static let longestBody = 1 << 20

    init(node: String, dataDirectory: String, settings: CaptureSettings, logger: Logger) {
        self.node = node
        self.settings = settings
        self.logger = logger
        folder = Mutex(CaptureFolder(dataDirectory: dataDirectory, settings: settings))
    }

    func take(_ request: CapturedRequest) {
        let size = request.body.readableBytes
        let isFirst = state.withLock { state in
            let hasRoom = state.waiting.count < Self.mostWaiting && (state.bytes + size <= Self.mostBytes || state.bytes == 0)
            guard hasRoom else {
                state.dropped += 1
                return false
            }
            state.waiting.append(request)
            state.bytes += size
            return state.waiting.count == 1
        }
        if isFirst { queue.async { self.write() } }
    }

    /// What health says of it; nil where nothing is captured.
    var digest: CaptureDigest? {
        guard settings.isOn else { return nil }
        return CaptureDigest(
            retentionDays: settings.days, megabytes: Double(folder.withLock(\.bytes)) / 1e6, dropped: state.withLock(\.dropped))
    }

    /// Returns when all that was taken before is in the file.
    func flush() { queue.sync { self.write() } }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                self.queue.async { self.folder.withLock { $0.removeOld(Date()) } }
                try? await Task.sleep(for: .seconds(3_600))
            }
        }
        flush()
    }

    private func write() {
        let batch = state.withLock { state in
            defer { (state.waiting, state.bytes) = ([], 0) }
            return state.waiting
        }
        for request in batch {
            do {
                let line = try CapturedLine(request, node: node).data()
                try folder.withLock { try $0.append(line, now: Date()) }
                state.withLock { $0.isFailing = false }
            } catch {
                failed(error)
            }
        }
    }

    private func failed(_ error: any Error) {
        let isNews = state.withLock { state in
            state.dropped += 1
            defer { state.isFailing = true }
            return !state.isFailing
        }
        if isNews { logger.warning("What clients send cannot be captured", metadata: ["error": "\(error)"]) }
    }
}

/// A line of the file.
private struct CapturedLine: Encodable {
    let ts: Double
    let request_id: String
    let node_id: String
    let client_ip: String
    let path: String
    /// The body's length, bytes.
    let bytes: Int
    /// Only its beginning is kept.
    let truncated: Bool
    /// Nil for what is no text.
    let body: String?
    /// What is no text.
    let body_base64: String?

    init(_ request: CapturedRequest, node: String) {
        ts = request.timestamp
        request_id = request.id
        node_id = node
        client_ip = request.clientIP
        path = request.path
        bytes = request.body.readableBytes
        truncated = bytes > CaptureWriter.longestBody
        let kept = Array(request.body.readableBytesView.prefix(CaptureWriter.longestBody))
        // The cut may go through a character of up to four bytes.
        let text = (0...(truncated ? 3 : 0)).lazy.compactMap { String(validating: kept.dropLast($0), as: UTF8.self) }.first
        body = text
        body_base64 = text == nil ? Data(kept).base64EncodedString() : nil
    }

    func data() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }
}
