/// The name tag of a record in the form it is written: encoded once for each configuration, shared by all its records.
///
/// A request is decided by one configuration from its head to its record, also when another comes into force meanwhile; so its
/// record carries the tag of the one that decided.
package struct GatewayTag: Sendable {
    /// The member `"gateway":{…},` as it stands in the line.
    let bytes: [UInt8]

    /// Encodes the tag.
    package init(_ gateway: Record.Gateway) {
        var size = RecordSize()
        gateway.visit(&size)
        // The keys and braces beside the strings.
        bytes = [UInt8](unsafeUninitializedCapacity: 64 + size.bound) { buffer, count in
            var line = LineWriter(buffer)
            line.visit(.gateway, gateway)
            count = line.count
        }
    }
}
