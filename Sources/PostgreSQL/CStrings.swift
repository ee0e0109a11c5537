import Glibc

/// Strings as C's array of pointers, with a null pointer after the last; nil is a null pointer.
enum CStrings {
    static func with<Result>(_ strings: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result) -> Result {
        let copies = strings.map { text in text.flatMap { strdup($0) } }
        defer {
            for copy in copies { free(copy) }
        }
        let pointers = copies.map { copy in copy.map { UnsafePointer($0) } } + [nil]
        return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}
