/// What the schema knows and this version doesn't do yet. Such a setting is refused by name, never ignored; its default means "not active".
///
/// A version that brings one of these deletes its line here, nothing else.
enum Availability {
    /// When a setting asks for what isn't there.
    enum Trigger: Sendable {
        /// It's written at all.
        case given
        /// It's one of these words.
        case words([String])
        /// It's anything but these words.
        case otherThan([String])
    }

    /// One setting, the way it asks for too much, and what is missing.
    struct Restriction: Sendable {
        let pattern: String
        let trigger: Trigger
        /// Begins the sentence "… not yet available in this version".
        let subject: String
        let hint: String?

        init(_ pattern: String, _ trigger: Trigger, _ subject: String, hint: String? = nil) {
            self.pattern = pattern
            self.trigger = trigger
            self.subject = subject
            self.hint = hint
        }

        var message: String { "\(subject) not yet available in this version" }
    }

    static let restrictions: [Restriction] = [
        .init("audit.ship[].required", .words(["true"]), "required sinks are", hint: "leave the key out; nothing is removed before it is shipped")
    ]
}
