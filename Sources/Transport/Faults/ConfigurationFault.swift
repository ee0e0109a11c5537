/// Why a transport could not be made.
package enum ConfigurationFault: Sendable, Equatable {
    /// The libcurl at run time is older than the one this was built for, or lacks TLS, HTTP/2 or name lookups that do not block.
    case library
    /// The file of extra authorities cannot be read, or is too large.
    case certificateAuthorityFile
    /// libcurl does not accept the proxy's URL, the pinned key or a timeout.
    case value
    /// epoll or eventfd are not available.
    case system
}
