/// The endpoint of an identity service: scheme, host and port. The code that makes it ensures that the scheme is https, or that the address belongs
/// to this machine or is link-local (the metadata service).
package struct IAMEndpoint: Sendable, Hashable {
    /// `https://iam.cn-north-4.myhuaweicloud.com`, without a slash at the end.
    package let url: String
    /// The `Host` field exactly as it is sent, since it is signed.
    package let host: String

    package init(url: String, host: String) {
        self.url = url
        self.host = host
    }
}
