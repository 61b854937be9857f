import CCurl
import Glibc

/// The work of the thread: takes commands, lets libcurl move bytes, hands out results. Lives on that thread only.
struct CurlLoop {
    private let thread: CurlThread
    private var transfers: [UInt64: Transfer] = [:]

    init(thread: CurlThread) { self.thread = thread }

    /// Runs until the client is closed; then ends what still runs.
    mutating func run() {
        guard let multi = thread.multi else { return }
        while true {
            let (commands, stopping) = thread.takeCommands()
            for command in commands { handle(command, multi) }
            if stopping { break }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            collect(multi)
            // Waits for sockets, for libcurl's own timers, or for a wake-up; a minute is as good as for ever.
            if curl_multi_poll(multi, nil, 0, 60_000, nil) != CURLM_OK { usleep(50_000) }
        }
        for transfer in transfers.values { end(transfer, multi, .failure(.closed)) }
        thread.giveUpMulti()
        curl_multi_cleanup(multi)
    }

    private mutating func handle(_ command: CurlThread.Command, _ multi: UnsafeMutableRawPointer) {
        switch command {
        case .start(let id, let request, let sink):
            guard let transfer = Transfer(id: id, request: request, sink: sink),
                curl_multi_add_handle(multi, transfer.easy) == CURLM_OK
            else {
                thread.forget(id)
                sink.fail(.failed(place: request.place, reason: "out of memory"))
                return
            }
            transfers[id] = transfer
        case .cancel(let id):
            if let transfer = transfers[id] { end(transfer, multi, .failure(.cancelled)) }
        case .resume(let id):
            // May call the write callback at once.
            if let transfer = transfers[id] { curl_easy_pause(transfer.easy, 0) }
        }
    }

    /// Hands out what is done. Each transfer gets exactly one end: it is taken off libcurl before its sink hears of it.
    private mutating func collect(_ multi: UnsafeMutableRawPointer) {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            // The message is gone once the handle is removed.
            let code = message.pointee.data.result
            var raw: UnsafeMutableRawPointer?
            guard herd_curl_get_pointer(easy, CURLINFO_PRIVATE, &raw) == CURLE_OK, let raw else { continue }
            let transfer = Unmanaged<Transfer>.fromOpaque(raw).takeUnretainedValue()
            end(transfer, multi, code == CURLE_OK ? .success(()) : .failure(transfer.error(for: code)))
        }
    }

    private mutating func end(_ transfer: Transfer, _ multi: UnsafeMutableRawPointer, _ result: Result<Void, OutboundError>) {
        curl_multi_remove_handle(multi, transfer.easy)
        transfers[transfer.id] = nil
        thread.forget(transfer.id)
        transfer.finish(result)
    }
}
