import Audit
import Glibc
import Logging
import Recollection
import ServiceLifecycle

/// Saves the gateway's memory from time to time, so that the next start is fast.
struct MemoryWatch: Service {
    let keeper: MemoryKeeper
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var isFailing = false
            while !Task.isCancelled {
                let code = keeper.look()
                if code != 0, !isFailing {
                    logger.warning("memory not saved; the next start will take longer", metadata: ["reason": "\(String(cString: strerror(code)))"])
                }
                isFailing = code != 0
                guard (try? await Task.sleep(for: MemoryKeeper.interval)) != nil else { return }
            }
        }
    }
}

extension Memory {
    /// The memory that was read from the journal when it was opened.
    static func recalled(from directory: String, _ clock: BelievedClock, _ logger: Logger) throws(Failure) -> Memory {
        do throws(JournalError) {
            let recall = try Recall(directory: directory, asOf: clock.now)
            logger.info("memory rebuilt", metadata: ["from": "\(recall.source.rawValue)", "records": "\(recall.replayed)"])
            return Memory(recall.memories, clock: clock)
        } catch {
            throw Failure(.auditNotWritable, "The audit journal in \(directory) can't be read back: \(error.sentence)")
        }
    }
}
