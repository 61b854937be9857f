import CCurl

/// One request on its way, with its libcurl handle. Lives on libcurl's thread only.
final class Transfer {
    let id: UInt64
    let easy: UnsafeMutableRawPointer
    private let request: OutboundRequest
    private let sink: TransferSink
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var head = OutboundHead(status: 0)
    private var headBytes = 0
    private var headDelivered = false
    private var body: [UInt8] = []
    /// Where libcurl writes what it has to say of a failure.
    private let details = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    /// Why a callback stopped the transfer: better than what libcurl says of it.
    private var stopped: OutboundError?

    /// All header fields of an answer together, bytes.
    static let maximumHead = 64 << 10

    /// A transfer that is ready to be added; nil when memory is short.
    init?(id: UInt64, request: OutboundRequest, sink: TransferSink) {
        guard let easy = curl_easy_init() else {
            details.deallocate()
            return nil
        }
        self.id = id
        details.pointee = 0
        herd_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, details)
        self.easy = easy
        self.request = request
        self.sink = sink
        TransferOptions.apply(request, to: easy)
        for header in request.headers {
            // An empty value is written with a semicolon (CURLOPT_HTTPHEADER).
            append(header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        append("Expect:")
        herd_curl_set_pointer(easy, CURLOPT_HTTPHEADER, headerList)
        // The loop holds the transfer for as long as libcurl has the handle.
        let this = Unmanaged.passUnretained(self).toOpaque()
        herd_curl_set_pointer(easy, CURLOPT_PRIVATE, this)
        herd_curl_set_pointer(easy, CURLOPT_WRITEDATA, this)
        herd_curl_set_pointer(easy, CURLOPT_HEADERDATA, this)
        herd_curl_set_write(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, this in
            Transfer.from(this)?.receive(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
        }
        herd_curl_set_write(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, this in
            Transfer.from(this)?.receiveHead(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
        }
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
        details.deallocate()
    }

    private static func from(_ raw: UnsafeMutableRawPointer?) -> Transfer? {
        raw.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private func append(_ line: String) {
        if let longer = curl_slist_append(headerList, line) { headerList = longer }
    }

    /// One line of the head. Returns how many bytes were taken; anything else than all of them stops the transfer.
    private func receiveHead(_ bytes: UnsafeRawBufferPointer) -> Int {
        headBytes += bytes.count
        guard headBytes <= Self.maximumHead else {
            stopped = .tooLarge(place: request.place, limit: Self.maximumHead)
            return 0
        }
        let line = String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            // A new head: the one before was an interim answer (1xx).
            head = OutboundHead(status: line.split(separator: " ").dropFirst().first.flatMap { Int($0.prefix(3)) } ?? 0)
        } else if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...]
            head.headers.append((String(line[..<colon]), String(value.trimmingWhitespace())))
        } else if line == "\r\n" || line == "\n" {
            if head.status >= 200 { deliverHead() }
        }
        return bytes.count
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        switch sink {
        case .whole:
            guard body.count + bytes.count <= request.maximumBytes else {
                stopped = .tooLarge(place: request.place, limit: request.maximumBytes)
                return 0
            }
            body.append(contentsOf: bytes)
        case .stream(_, let buffer):
            deliverHead()
            // libcurl keeps the bytes of a paused transfer and offers them again.
            guard buffer.offer(bytes) else { return Int(CURL_WRITEFUNC_PAUSE) }
        }
        return bytes.count
    }

    private func deliverHead() {
        guard case .stream(let continuation, _) = sink, !headDelivered else { return }
        headDelivered = true
        continuation.resume(returning: .success(head))
    }

    /// The end, told once.
    func finish(_ result: Result<Void, OutboundError>) {
        switch (sink, result) {
        case (.whole(let continuation), .success):
            continuation.resume(returning: .success(OutboundResponse(head: head, body: body)))
        case (.whole(let continuation), .failure(let error)):
            continuation.resume(returning: .failure(error))
        case (.stream(_, let buffer), .success):
            deliverHead()
            buffer.finish(nil)
        case (.stream(let continuation, let buffer), .failure(let error)):
            if !headDelivered {
                headDelivered = true
                continuation.resume(returning: .failure(error))
            }
            buffer.finish(error)
        }
    }

    /// What libcurl's code means for this request.
    func error(for code: CURLcode) -> OutboundError {
        stopped ?? OutboundError(code: code, easy: easy, place: request.place, details: String(cString: details))
    }
}

extension Substring {
    /// Without blanks and line ends at both ends.
    fileprivate func trimmingWhitespace() -> Substring {
        var rest = self
        while let c = rest.first, c.isWhitespace { rest.removeFirst() }
        while let c = rest.last, c.isWhitespace { rest.removeLast() }
        return rest
    }
}
