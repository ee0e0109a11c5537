extension CallerKeySettings {
    init(_ reader: SectionReader) {
        storeFile = reader.file("store_file", .madeOnStart, default: "./keys/callers")
        masterKeyFile = reader.file("master_key_file", .madeOnStart, default: "./keys/master.key")
    }
}
