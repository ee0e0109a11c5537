/// How a file is returned; HSS documents none of these headers.
package struct DownloadSetting: Sendable, Equatable {
    /// The `Content-Type` of the answer.
    package var contentType = "application/zip"
    /// `Content-Length` or chunked.
    package var framing = BodyFraming.contentLength
    /// Whether a `Content-Disposition` contains the file's name.
    package var namesFile = true

    /// A ZIP with a `Content-Length` and a file name.
    package init() {}
}
