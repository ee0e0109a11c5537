import Files
package import Credentials
import Glibc

/// The file from which all virtual secret keys are derived. A user who can read it can sign for every caller, and without it no signature can be
/// verified. It is created with the first virtual key, unless the operator provides one.
package struct MasterKeyFile: Sendable {
    package let path: String

    package init(path: String) {
        self.path = path
    }

    package func read() throws(CallerKeyFile.Fault) -> VirtualSecretKey {
        try CallerKeyFile.Fault.unlessTrusted(path, isSecret: true)
        let master: Secret
        do throws(SecretFault) {
            master = try Secret.read(.file(path: path))
        } catch {
            throw CallerKeyFile.Fault(place: path, sentence: error.reason == .missing ? "is not there" : "can't be used. \(error.sentence)")
        }
        guard let key = VirtualSecretKey(master: master) else {
            throw CallerKeyFile.Fault(
                place: path, sentence: "is shorter than \(VirtualSecretKey.masterBytes) characters; make it e.g. by `openssl rand -base64 48`")
        }
        return key
    }

    /// The existing key, or a new one.
    package func readOrMake(using generator: inout some RandomNumberGenerator) throws(CallerKeyFile.Fault) -> VirtualSecretKey {
        if access(path, F_OK) != 0, errno == ENOENT {
            if let error = FileBytes.makeDirectory(of: path) { throw CallerKeyFile.Fault(place: path, sentence: "can't be made: \(error.text)") }
            let text = TextAlphabet.base32.text((0..<VirtualSecretKey.masterBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
            do throws(ErrorCode) {
                try FileBytes.create(path, with: Array("\(text)\n".utf8))
            } catch {
                // Another process may have created the file first; then its key is used.
                guard error.code == EEXIST else {
                    throw CallerKeyFile.Fault(place: path, sentence: "can't be made: \(error.text)")
                }
            }
        }
        return try read()
    }
}
