import Audit

/// Events of the gateway itself, as records of the journal.
struct GatewayEvents: Sendable {
    let journal: Journal
    /// Names secrets of stores by their references: the paths of their files mean nothing to a reader.
    var naming: @Sendable (String) -> String = { $0 }

    /// Appends an event and writes it; it is durable within the journal's sync interval.
    func record(_ event: String, _ detail: [(String, String)]) throws(Failure) {
        var fields = FieldObject()
        for (name, value) in detail { fields.add(name, .string(naming(value))) }
        let now = Timestamp.now()
        do throws(JournalError) {
            _ = try journal.append(Record(event: event, id: journal.identifiers.next(at: now), time: now, detail: fields))
            try journal.write()
        } catch {
            throw Failure(.auditNotWritable, "The event \(event) can't be recorded: \(error.sentence)")
        }
    }
}
