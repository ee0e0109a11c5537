/// The system's `errno`.
package struct ErrorCode: Error, Hashable {
    package let code: Int32

    package init(_ code: Int32) {
        self.code = code
    }

    /// The system's text for it.
    package var text: String { RegularFile.reason(code) }
}
