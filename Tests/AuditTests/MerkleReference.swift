@testable import Audit

/// An independent computation of the tree, from RFC 6962 section 2.1 alone and in another language.
enum MerkleReference {
    private static let program = """
        import hashlib, os, sys
        def leaf(d): return hashlib.sha256(b"\\x00" + d).digest()
        def mth(d):
            n = len(d)
            if n == 0: return hashlib.sha256(b"").digest()
            if n == 1: return d[0]
            k = 1
            while k * 2 < n: k *= 2
            return hashlib.sha256(b"\\x01" + mth(d[:k]) + mth(d[k:])).digest()
        lines = []
        for name in sorted(n for n in os.listdir(sys.argv[1]) if n.startswith("journal-") and n.endswith(".jsonl")):
            del lines[int(name[8:28]):]
            lines += open(os.path.join(sys.argv[1], name), "rb").read().split(b"\\n")[:-1]
        print(len(lines), mth([leaf(l) for l in lines]).hex())
        """

    /// Size and root of the journal in a directory.
    static func head(of directory: TemporaryDirectory) throws -> String {
        let (status, output) = try run("python3", ["-c", program, directory.journal])
        guard status == 0 else { throw NotARecord(line: output) }
        return output.split(separator: "\n").joined()
    }
}

extension TreeHead {
    /// The form the reference prints.
    var text: String { "\(size) \(root)" }
}
