/// Endpoints that override or add to the built-in table, for one region.
package struct RegionSettings: Sendable, Hashable {
    package let name: String
    package let hss: EndpointURL?
    package let iam: EndpointURL?
    package let sts: EndpointURL?
}
