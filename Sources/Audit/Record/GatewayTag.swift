/// The name tag of a record in the form it is written: encoded once for each configuration, shared by all its records.
///
/// A request is decided by one configuration from its head to its record, also when another comes into force meanwhile; so its
/// record carries the tag of the one that decided.
package struct GatewayTag: Sendable {
    /// The member `"gateway":{…},` as it stands in the line.
    let bytes: [UInt8]

    /// Encodes the tag.
    package init(_ gateway: Record.Gateway) {
        let bound = 64 + [gateway.instance, gateway.version, gateway.configSHA256].reduce(0) { $0 + LineWriter.bound(of: $1) }
        bytes = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            var line = LineWriter(buffer)
            line.put(literal: "\"gateway\":{")
            line.member("\"instance\":", gateway.instance)
            line.member("\"version\":", gateway.version)
            line.member("\"config_sha256\":", gateway.configSHA256)
            line.endObject()
            count = line.count
        }
    }
}
