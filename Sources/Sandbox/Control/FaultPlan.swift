import Synchronization

/// The planned faults, in the order of their requests; the first that matches a request is applied to it.
package final class FaultPlan: Sendable {
    /// Planned faults at a time; one more is refused.
    package static let mostFaults = 256

    private let faults = Mutex([Fault]())

    /// An empty plan.
    init() {}

    /// Adds a fault; false when there are too many already.
    @discardableResult
    package func add(_ fault: Fault) -> Bool {
        faults.withLock { faults in
            guard faults.count < Self.mostFaults else { return false }
            faults.append(fault)
            return true
        }
    }

    /// Removes all.
    package func removeAll() { faults.withLock { $0 = [] } }

    /// Faults that are not used up.
    package var waiting: [Fault] { faults.withLock { $0 } }

    /// The fault for a request; decrements its count.
    func take(side: SandboxSide, operation: String?, method: String, target: String) -> Fault? {
        faults.withLock { faults in
            for index in faults.indices {
                let fault = faults[index]
                guard fault.matches(side: side, operation: operation, method: method, target: target) else { continue }
                if fault.skip > 0 {
                    faults[index].skip -= 1
                    continue
                }
                if let count = fault.count {
                    faults[index].count = count - 1
                    if count <= 1 { faults.remove(at: index) }
                }
                return fault
            }
            return nil
        }
    }
}

extension Fault {
    fileprivate func matches(side: SandboxSide, operation: String?, method: String, target: String) -> Bool {
        (self.side == nil || self.side == side) && (self.operation == nil || self.operation == operation)
            && (self.method == nil || self.method == method) && (pathPrefix.map { target.hasPrefix($0) } ?? true)
    }
}
