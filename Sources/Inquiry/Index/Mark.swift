/// Lookup keys of single exchanges. The hash only finds candidates: the caller has to check the record.
enum Mark: UInt8 {
    /// A record's id, the caller's request id, HSS's request id.
    case request = 1
    case task, file
    /// The SHA-256 of a download.
    case digest

    /// 32 bits of FNV-1a over the kind and the text.
    func hash(_ text: some Sequence<UInt8>) -> Int64 {
        var state: UInt64 = 0xCBF2_9CE4_8422_2325
        state = (state ^ UInt64(rawValue)) &* 0x100_0000_01B3
        for byte in text { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int64((state ^ state >> 32) & 0xFFFF_FFFF)
    }
}
