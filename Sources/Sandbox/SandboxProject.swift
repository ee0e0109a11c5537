/// A project of an account: in Huawei Cloud, a region of it.
package struct SandboxProject: Equatable, Sendable {
    /// 32 hexadecimal digits.
    package var id: String
    /// The region's id, which is the project's name too.
    package var region: String

    /// A project.
    package init(id: String, region: String) {
        self.id = id
        self.region = region
    }
}
