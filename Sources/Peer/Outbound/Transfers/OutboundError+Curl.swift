import CCurl
import Glibc

extension OutboundError {
    /// The meaning of a libcurl code for a transfer that ended with it. `details` are libcurl's words for this one failure.
    init(code: CURLcode, easy: UnsafeMutableRawPointer, place: String, details: String) {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: self = .hostNotFound(place: place)
        case CURLE_COULDNT_CONNECT:
            var number = 0
            herd_curl_get_long(easy, CURLINFO_OS_ERRNO, &number)
            switch Int32(truncatingIfNeeded: number) {
            case EHOSTUNREACH, ENETUNREACH, ENETDOWN: self = .unreachable(place: place)
            case ETIMEDOUT: self = .connectTimedOut(place: place)
            default: self = .connectionRefused(place: place)
            }
        case CURLE_OPERATION_TIMEDOUT:
            // When the request was about to go out; 0 while the connection was still being made.
            var ready: curl_off_t = 0
            herd_curl_get_offset(easy, CURLINFO_PRETRANSFER_TIME_T, &ready)
            self = ready == 0 ? .connectTimedOut(place: place) : .timedOut(place: place)
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR: self = .cutShort(place: place)
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: self = .notHTTP(place: place)
        case CURLE_URL_MALFORMAT: self = .badRequest("the URL makes no sense")
        case CURLE_PEER_FAILED_VERIFICATION:
            self = .certificate(place: place, reason: details.isEmpty ? Self.words(code) : details)
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE:
            self = .tls(place: place, reason: details.isEmpty ? Self.words(code) : details)
        default: self = .failed(place: place, reason: Self.words(code))
        }
    }

    private static func words(_ code: CURLcode) -> String {
        curl_easy_strerror(code).map { String(cString: $0) } ?? "libcurl code \(code.rawValue)"
    }
}
