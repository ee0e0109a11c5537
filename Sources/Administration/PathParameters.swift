import Codecs
import Hummingbird

extension Parameters {
    /// A part of the path as whoever asks meant it: the router gives it as it stands in the address, with its escapes. One that is malformed stays
    /// as it is.
    func text(_ name: String) -> String {
        let bytes = Array((get(name) ?? "").utf8)
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = Hexadecimal.value(bytes[index + 1]),
                let low = Hexadecimal.value(bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }
}
