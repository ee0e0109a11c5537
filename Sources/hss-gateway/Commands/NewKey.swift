import ArgumentParser
import Assembly
import Audit
import Codecs
import Credentials
import Policy
import Recognition
import Settings

/// A new key with its secret, which is shown only once.
struct NewKey {
    let key: CallerKey
    /// The values for its owner, by name.
    let values: [(name: String, value: String)]

    /// - Parameters:
    ///   - ends: nil for a key that is valid until it is revoked.
    ///   - old: the id of the key that it replaces.
    static func make(
        _ kind: CallerFacts.ProvenKey.Kind, for caller: String, at now: Timestamp, ends: Timestamp?, _ settings: CallerKeySettings,
        _ generator: inout SystemRandomNumberGenerator, replacing old: String? = nil
    ) throws(CallerKeyFile.Fault) -> NewKey {
        let (created, end) = ("\(now)", ends.map { "\($0)" })
        var key: CallerKey
        var values: [(name: String, value: String)]
        switch kind {
        case .virtual:
            let secrets = try MasterKeyFile(path: settings.masterKeyFile).readOrMake(using: &generator)
            let id = CallerKey.VirtualID.generate(using: &generator)
            key = CallerKey(kind: .virtual, id: id, caller: caller, created: created, ends: end)
            values = [("access_key", id), ("secret_key", secrets.text(for: id))]
        case .api:
            let text = APIKey.generate(using: &generator)
            guard let made = APIKey(text) else { preconditionFailure("a key that was just made has the form of one") }
            let digest = made.digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            key = CallerKey(kind: .api, id: made.id, caller: caller, created: created, digest: digest, ends: end)
            values = [("id", made.id), ("api_key", text)]
        }
        if let end { values.append(("ends", end)) }
        if let old { values.append(("replaces", old)) }
        return NewKey(key: key, values: values)
    }

    /// Prints the key, which is possible only once.
    func output(asJSON json: Bool) throws(CallerKeyFile.Fault) {
        let isShown: Bool
        if json {
            var writer = JSONWriter()
            writer.open()
            for (name, value) in values { writer.member(name, value) }
            writer.close()
            isShown = Console.output(writer.text)
        } else {
            isShown = Console.output(values.map { "\($0.name)=\($0.value)" }.joined(separator: "\n"))
        }
        // Nobody has a secret that was not written; what is left is a key without a use.
        guard isShown else {
            let command = "hss-gateway caller key revoke \(key.id)"
            throw CallerKeyFile.Fault(place: key.id, sentence: "the new key could not be shown and can't be shown again: `\(command)`")
        }
        Console.error("This is shown once; hand it to \(key.caller) by a safe way.")
    }
}

/// The lifetime of a key, on the command line.
enum KeyDuration {
    static func parse(_ text: String, _ flag: String, mayBeZero: Bool) throws(ValidationError) -> Duration {
        guard let duration = DurationText.parse(text), duration > .zero || mayBeZero else {
            throw ValidationError(
                "\(flag) takes a duration such as 90d, 24h or 30m\(mayBeZero ? "" : ", longer than nothing"), and at most ten years.")
        }
        return duration
    }
}

extension Timestamp {
    /// The time plus a duration, limited to the last time that can be written.
    func later(by duration: Duration) -> Timestamp {
        // Durations are at most ten years, as `DurationText` reads them, and timestamps end with the year 9999.
        return Timestamp(microseconds: microseconds &+ duration.wholeMicroseconds)
    }
}
