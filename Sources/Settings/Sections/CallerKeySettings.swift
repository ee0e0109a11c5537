/// Where the keys that the gateway gives to callers are kept.
package struct CallerKeySettings: Sendable, Hashable {
    /// The list of keys: of an API key its SHA-256, of a virtual key only that there is one.
    package let storeFile: String
    /// What the virtual secret keys follow from.
    package let masterKeyFile: String
}

extension CallerKeySettings {
    init(_ reader: SectionReader) {
        storeFile = reader.file("store_file", .madeOnStart, default: "./keys/callers")
        masterKeyFile = reader.file("master_key_file", .madeOnStart, default: "./keys/master.key")
    }
}
