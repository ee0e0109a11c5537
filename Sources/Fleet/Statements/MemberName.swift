/// A member as the database knows it: its name, and the epoch of its present start.
package struct MemberName: Sendable, Hashable {
    package let instance: String
    package let epoch: Int64

    var arguments: [Argument] { [.text(instance), .number(epoch)] }
}
