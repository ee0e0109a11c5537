/// Where an identity service is: scheme, host and port. Whoever makes one has seen to it that the scheme is https, or that the address
/// is one of this machine or of its link (the metadata service).
package struct IAMEndpoint: Sendable, Hashable {
    /// `https://iam.cn-north-4.myhuaweicloud.com`, without a slash at the end.
    package let url: String
    /// The `Host` field exactly as it goes on the wire, since it is signed.
    package let host: String

    package init(url: String, host: String) {
        self.url = url
        self.host = host
    }
}
