import CCurl

/// Sets up a libcurl handle for a request.
enum TransferOptions {
    static func apply(_ request: OutboundRequest, to easy: UnsafeMutableRawPointer) {
        // libcurl copies every string.
        herd_curl_set_pointer(easy, CURLOPT_URL, request.url)
        herd_curl_set_pointer(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        herd_curl_set_pointer(easy, CURLOPT_USERAGENT, "herd-peer")
        // Without this the environment's proxy would see requests to the machines of the fleet.
        herd_curl_set_pointer(easy, CURLOPT_PROXY, "")
        herd_curl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        // No signals for time-outs: this is not the only thread.
        herd_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        herd_curl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.connectTimeout))
        if let timeout = request.timeout { herd_curl_set_long(easy, CURLOPT_TIMEOUT_MS, milliseconds(timeout)) }
        if let idle = request.idleTimeout {
            herd_curl_set_long(easy, CURLOPT_LOW_SPEED_LIMIT, 1)
            herd_curl_set_long(easy, CURLOPT_LOW_SPEED_TIME, max(1, milliseconds(idle) / 1000))
        }
        // Certificates and names are checked; libcurl does so unless told otherwise.
        herd_curl_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let file = request.certificateFile {
            herd_curl_set_pointer(easy, CURLOPT_CAINFO, file)
            // The file stands alone: what the system trusts does not count then.
            herd_curl_set_pointer(easy, CURLOPT_CAPATH, nil)
        }
        if request.method == "HEAD" {
            herd_curl_set_long(easy, CURLOPT_NOBODY, 1)
            return
        }
        if !request.body.isEmpty || request.method == "POST" {
            // The size first: it says how much is copied.
            herd_curl_set_long(easy, CURLOPT_POSTFIELDSIZE_LARGE, request.body.count)
            request.body.withUnsafeBytes { bytes in
                _ = herd_curl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, bytes.isEmpty ? nil : bytes.baseAddress)
            }
            herd_curl_set_long(easy, CURLOPT_POST, 1)
        }
        if request.method != "GET" || !request.body.isEmpty { herd_curl_set_pointer(easy, CURLOPT_CUSTOMREQUEST, request.method) }
    }

    /// At least 1: libcurl reads 0 as no limit.
    private static func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        guard seconds < 1 << 31 else { return 1 << 40 }
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
