import Policy

/// Holds a permit until it is spent. A permit can't be copied and a class can hold one; taking it leaves nothing behind.
final class PermitBox {
    private var permit: Permit?

    init(_ permit: consuming Permit) {
        self.permit = consume permit
    }

    func take() -> Permit? { permit.take() }
}
