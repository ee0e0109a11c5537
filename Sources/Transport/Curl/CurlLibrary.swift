import CCurl
import CCurlMemory
import CStreamFrames
import Glibc

/// Properties of libcurl for the whole process.
enum CurlLibrary {
    /// The features of the libcurl that is loaded.
    struct Abilities: Sendable {
        let http2: Bool
        /// Whether an HTTP/2 connection without TLS can serve a second request. Before 8.0.0 libcurl stacked a second HTTP/2 layer on it,
        /// and every request but the first failed with CURLE_HTTP2 (curl's pull request 10643).
        let reusesPriorKnowledgeConnections: Bool
        /// Whether the frames of HTTP/2 are seen that it receives.
        let showsFrames: Bool
        /// The system's file of authorities, the path that libcurl was built with.
        let certificateAuthorityFile: String?
    }

    /// Initialises libcurl on first use, once, and checks the version that was loaded. A `static let` makes this thread-safe.
    static let abilities: Result<Abilities, TransportError> = {
        // OpenSSL writes to sockets without MSG_NOSIGNAL, and libcurl does not mask SIGPIPE under NOSIGNAL. NIO ignores it as well.
        signal(SIGPIPE, SIG_IGN)
        let isReady = curl_global_init_mem(
            ccurl_global_default, ccurl_memory_allocate, ccurl_memory_free, ccurl_memory_reallocate, ccurl_memory_duplicate,
            ccurl_memory_allocate_zeroed)
        guard isReady == CURLE_OK, let information = curl_version_info(ccurl_version_now) else {
            return .failure(.configuration(.library))
        }
        let features = information.pointee.features
        // The header is checked at compile time; the library that is loaded may be another.
        guard information.pointee.version_num >= CCURL_MINIMUM_VERSION, has(features, CURL_VERSION_SSL),
            has(features, CURL_VERSION_ASYNCHDNS)
        else { return .failure(.configuration(.library)) }
        return .success(
            Abilities(
                http2: has(features, CURL_VERSION_HTTP2),
                reusesPriorKnowledgeConnections: information.pointee.version_num >= 0x080000,
                showsFrames: stream_frames_observe(receiveFrame),
                certificateAuthorityFile: systemAuthorities(builtIn: information.pointee.cainfo.map { String(cString: $0) })
            )
        )
    }()

    private static func has(_ features: CInt, _ feature: some BinaryInteger) -> Bool {
        features & CInt(feature) != 0
    }

    /// The paths of the system's authorities on various distributions, for a libcurl that was built on another one.
    private static func systemAuthorities(builtIn: String?) -> String? {
        let places = [
            builtIn, "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
            "/etc/ssl/cert.pem",
        ]
        return places.lazy.compactMap(\.self).first { access($0, R_OK) == 0 }
    }
}
