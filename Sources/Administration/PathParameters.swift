import Hummingbird
import Policy

extension Parameters {
    /// A part of the path as whoever asks meant it: the router gives it as it stands in the address, with its escapes. One that is malformed stays
    /// as it is.
    func text(_ name: String) -> String { String(decoding: PercentCoding.plain(Array((get(name) ?? "").utf8)), as: UTF8.self) }
}
