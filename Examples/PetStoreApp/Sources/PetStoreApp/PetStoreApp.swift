/// Calls the pet store of `api.yaml`. The module has no client in its sources: the plugin adds one when it is built.
@main
struct PetStoreApp {
    static func main() async throws {
        let address = CommandLine.arguments.dropFirst().first ?? "http://127.0.0.1:8080/dev"
        let store = PetStore.Client(endpoint: .url(address))

        for pet in try await store.listPets() { describe(pet) }

        let taken = try await store.createPet(body: PetStore.NewPet(type: .gecko, price: 39.5))
        print("new: \(taken.pet?.type.rawValue ?? "nothing"), \(taken.message ?? "no message")")

        do {
            describe(try await store.getPet(petId: "17"))
        } catch let error as any PetStore.ResponseError where error.status == 404 {
            print("pet 17: \(error.message ?? "not found")")
        }
    }

    private static func describe(_ pet: PetStore.Pet) {
        guard let id = pet.id, let type = pet.type, let price = pet.price else { return }
        print("pet \(id): \(type), \(price)")
    }
}
