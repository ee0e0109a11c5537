import Transport

extension TransportError {
    /// Why no transport could be made, for the operator. Only configuration faults happen at that point.
    var sentence: String {
        switch self {
        case .configuration(.library): "The libcurl on this machine is too old or lacks TLS or HTTP/2."
        case .configuration(.certificateAuthorityFile): "upstream.ca_file can't be read, or is not a list of certificates in PEM."
        case .configuration(.value): "libcurl doesn't take upstream.proxy, upstream.pinned_public_key or a timeout."
        case .configuration(.system), .resources: "The system gives no epoll or event descriptors; check its limits."
        default: "The transport could not be made."
        }
    }
}
