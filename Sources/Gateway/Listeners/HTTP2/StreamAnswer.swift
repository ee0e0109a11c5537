import CNghttp2
import Transport

extension DownstreamHead {
    /// Calls `body` with the head of an answer on a stream, as the library takes it. The library copies names and values, and makes names lower case
    /// (RFC 9113 section 8.2). The frames delimit the body.
    func withFields<Result>(_ body: (UnsafeMutableBufferPointer<nghttp2_nv>) -> Result) -> Result {
        // The gateway's own fields: `:status`, three that each relayed answer has, `content-length`.
        let count = (relayed?.upstream.count ?? 0) + fields.count + 5
        return withUnsafeTemporaryAllocation(byteCount: byteBound, alignment: 1) { memory in
            withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: count) { list in
                var writer = StreamFieldWriter(memory, list)
                put(to: &writer)
                return body(UnsafeMutableBufferPointer(rebasing: list[..<writer.count]))
            }
        }
    }

    /// The longest number in decimal.
    private static let number = 20
    /// The names of the gateway's own fields, and the values of those that have always the same length.
    private static let ownFields = 128

    private var byteBound: Int {
        var bound = Self.ownFields + 2 * Self.number
        if let relayed { bound += relayed.upstream.byteCount + relayed.requestID.utf8.count + relayed.auditID.utf8.count }
        for field in fields { bound += field.name.utf8.count + field.value.utf8.count }
        return bound
    }

    private func put(to writer: inout StreamFieldWriter) {
        writer.put(":status", number: status)
        if let relayed {
            let upstream = relayed.upstream
            let allowed = ResponseFields(upstream)
            for position in upstream.indices {
                upstream.withBytes(at: position) { name, value in
                    if allowed.passes(name) { writer.put(name, value) }
                }
            }
            writer.put("x-request-id", text: relayed.requestID)
            writer.put("audit-id", text: relayed.auditID)
            writer.put("x-hssgw-source", text: RelayedFields.source.description)
        }
        for field in fields {
            field.name.utf8.span.withUnsafeBytes { name in
                field.value.utf8.span.withUnsafeBytes { writer.put(name, $0) }
            }
        }
        switch framing {
        case .length(let length), .none(let length?): writer.put("content-length", number: length)
        case .none(nil), .unknown: break
        }
    }
}

/// Writes fields into memory that holds them all, and a list of them. As with `HeadWriter`, the caller of `init` has reserved enough of both, which
/// is checked, and the writer must not be used outside the closure that provides the memory.
private struct StreamFieldWriter {
    private let memory: UnsafeMutableRawBufferPointer
    private let list: UnsafeMutableBufferPointer<nghttp2_nv>
    private var used = 0
    private(set) var count = 0

    init(_ memory: UnsafeMutableRawBufferPointer, _ list: UnsafeMutableBufferPointer<nghttp2_nv>) {
        (self.memory, self.list) = (memory, list)
    }

    mutating func put(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        precondition(count < list.count && name.count + value.count <= memory.count - used, "the memory of a writer holds all that is written")
        let flags = Self.isRepeated(name) ? NGHTTP2_NV_FLAG_NONE : NGHTTP2_NV_FLAG_NO_INDEX
        let field = nghttp2_nv(
            name: copy(name), value: copy(value), namelen: name.count, valuelen: value.count, flags: UInt8(flags.rawValue))
        list.initializeElement(at: count, to: field)
        count += 1
    }

    mutating func put(_ name: StaticString, text: String) {
        text.utf8.span.withUnsafeBytes { put(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), $0) }
    }

    /// In decimal. The number is not negative.
    mutating func put(_ name: StaticString, number: Int) {
        put(name, text: String(number))
    }

    private mutating func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeMutablePointer<UInt8>? {
        let target = UnsafeMutableRawBufferPointer(rebasing: memory[used..<used + bytes.count])
        target.copyMemory(from: bytes)
        used += bytes.count
        return target.baseAddress?.assumingMemoryBound(to: UInt8.self)
    }

    /// Whether answers repeat the field's value, so that the encoder may index it. Values that differ in every answer would displace those that
    /// don't. By length first: comparing the name of each field with all of these would cost more than comparing it with one or three.
    private static func isRepeated(_ name: UnsafeRawBufferPointer) -> Bool {
        switch name.count {
        case 4: name.isField("vary")
        case 6: name.isField("server")
        case 7: name.isField(":status")
        case 12: name.isField("content-type")
        case 13: name.isField("cache-control")
        case 14: name.isField("x-hssgw-source")
        case 15: name.isField("x-frame-options")
        case 16: name.isField("ratelimit-policy") || name.isField("www-authenticate") || name.isField("x-xss-protection")
        case 22: name.isField("x-content-type-options")
        case 25: name.isField("strict-transport-security")
        default: false
        }
    }
}
