/// The gateway's tag in a record, encoded once per configuration and shared by all of its records.
///
/// A request is decided by one configuration from its head to its record, even if another comes into force meanwhile, so its record has the tag of
/// that configuration.
package struct GatewayTag: Sendable {
    /// The member `"gateway":{…},` as written in the line.
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
