/// The language of HSS's messages; the site and `x-language` decide at the cloud.
package enum MessageLanguage: String, Sendable {
    case chinese = "zh-cn"
    case english = "en-us"

    /// Reads an `x-language` header.
    init?(header: String?) {
        guard let header else { return nil }
        self.init(rawValue: header.lowercased())
    }
}
