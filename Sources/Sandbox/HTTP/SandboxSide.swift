/// The two listeners of the stand-in.
package enum SandboxSide: String, Sendable, CaseIterable {
    /// HSS behind its API gateway.
    case hss
    /// IAM, STS, the ECS metadata service and the sandbox's own controls.
    case iam
}
