import ArgumentParser
import Assembly
import Audit
import Codecs

/// Which part of a journal was verified, as a number and as a sentence.
struct ProvedRecords {
    /// The exit code for scripts.
    private static let broken: Int32 = 9

    /// The number after the last record that a signed checkpoint covers.
    let end: UInt64
    /// A sentence about what was verified and what was not, for the reader of the figures.
    let sentence: String

    /// Verifies a journal; a broken one ends the command with the verifier's sentence, because what is made from it would mean nothing.
    /// - Parameter product: what the command makes.
    static func of(
        _ directory: String, keys: [NoteVerifier], elsewhere: [(file: String, content: String)], for product: String = "report"
    ) throws -> ProvedRecords {
        var verifier = JournalVerifier(directory: directory, keys: keys, elsewhere: elsewhere)
        let report: VerificationReport
        do throws(JournalError) {
            report = try verifier.verify()
        } catch {
            throw Failure(.runtime, "The journal can't be read: \(error.sentence)")
        }
        return try of(report, for: product)
    }

    /// The same for several journals that were verified, by their instances' names.
    static func of(_ reports: [VerificationReport]) throws -> [String: ProvedRecords] {
        var proofs: [String: ProvedRecords] = [:]
        for report in reports { proofs[report.instance ?? ""] = try of(report) }
        return proofs
    }

    private static func of(_ report: VerificationReport, for product: String = "report") throws -> ProvedRecords {
        if let fault = report.fault {
            let whose = report.instance.map { " of \($0)" } ?? ""
            Console.error(PrintableText.line("No \(product): the journal\(whose) is broken: \(fault.sentence)."))
            throw ExitCode(broken)
        }
        return ProvedRecords(end: report.signed, sentence: sentence(report))
    }

    private static func sentence(_ report: VerificationReport) -> String {
        guard report.signed > report.first else {
            return (["No checkpoint proves anything about them."] + report.remarks.map { $0 + "." }).joined(separator: " ")
        }
        let fits = "Records \(report.first) to \(report.signed - 1) are whole: their \(report.checkpoints) signed checkpoints fit."
        return ([fits] + report.remarks.map { $0.prefix(1).uppercased() + $0.dropFirst() + "." }).joined(separator: " ")
    }
}
