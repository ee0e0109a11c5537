/// Where the keys that the gateway gives to callers are kept.
package struct CallerKeySettings: Sendable, Hashable {
    /// The list of keys: for an API key its SHA-256, for a virtual key only its existence.
    package let storeFile: String
    /// The file from which the virtual secret keys are derived.
    package let masterKeyFile: String
}

extension CallerKeySettings {
    init(_ reader: SectionReader) {
        storeFile = reader.file("store_file", .madeOnStart, default: "./keys/callers")
        masterKeyFile = reader.file("master_key_file", .madeOnStart, default: "./keys/master.key")
    }
}
