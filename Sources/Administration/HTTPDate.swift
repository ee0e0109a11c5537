import Glibc

/// The present time as HTTP writes it (RFC 9110 section 5.6.7): `Mon, 23 Nov 2026 08:15:30 GMT`.
enum HTTPDate {
    static var now: String {
        var seconds = time(nil)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 32)
        // The process never sets a locale, so that names are English.
        let length = strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
        return String(decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
