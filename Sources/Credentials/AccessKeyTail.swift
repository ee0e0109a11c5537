/// The part of an access key id that records and messages show: enough to distinguish keys.
enum AccessKeyTail {
    /// How many characters are shown, at most a third of the id.
    private static let count = 4

    static func of(_ accessKeyID: String) -> String {
        String(accessKeyID.suffix(min(count, accessKeyID.count / 3)))
    }
}
