internal import PorticoIR
internal import PorticoSyntax

/// Turns the schemas of a description into named types and references to them.
///
/// A model becomes a type of its own if it is a structure, an enumeration or a union; a model that is only another name
/// (of a scalar, a list, a map, another model) is resolved where it is used. Schemas written in place get names from
/// where they stand.
struct TypeResolver {
    /// Types so far; `nil` for those that ``pending`` has.
    private var types: [ModelType?] = []
    /// Their names.
    private var typeNames: [String] = []
    /// Where they stand, for diagnostics.
    private var typeSpans: [SourceSpan] = []
    /// Types whose parts are still to be read. Structures refer to each other in chains as long as the document, so they
    /// are read in a loop and not by recursion.
    private var pending: [(index: Int, facts: SchemaFacts, place: Place)] = []
    /// Names of names that are being followed.
    private var aliasDepth = 0
    /// Types made of schemas written in place, by where these stand: a schema is one type, whoever inherits it.
    private var typesInPlace: [String: TypeReference] = [:]
    /// Places outside of models so far.
    private var placeCount = 0
    /// Most types of schemas written in place; the rest is taken for any JSON.
    private static let typesInPlaceLimit = 20_000
    /// Longest chain of them; a longer one is taken for any JSON.
    private static let aliasLimit = 200
    /// What there is to say.
    private(set) var diagnostics: [Diagnostic] = []

    private let models: [String: Model]
    /// Models in the order of the document.
    private let modelNames: [String]
    private var states: [String: State] = [:]
    private var names: NameScope
    /// Models that are unions because others inherit from them, with their heirs in order.
    private let heirs: [String: [String]]

    private enum State {
        case resolving
        case resolved(TypeReference)
    }

    /// Where a schema stands, for the names of types and the places of diagnostics.
    struct Place {
        /// Name that a type made of it gets.
        var name: String
        /// Span for diagnostics.
        var span: SourceSpan
        /// What tells the schema from every other one: its pointer in the document.
        fileprivate var source: String
        /// Where the elements of its `allOf` stand, if it was put together of schemas of several places.
        fileprivate var elements: [Place] = []

        /// A part of it that has a name of its own.
        fileprivate func part(_ name: String, _ tokens: String...) -> Place {
            Place(name: self.name + NameWords(name).pascal, span: span, source: source + ReferencePath.text(tokens))
        }

        /// A part that goes by the same name.
        fileprivate func inside(_ tokens: String...) -> Place {
            Place(name: name, span: span, source: source + ReferencePath.text(tokens))
        }

        /// An element of its `allOf`.
        fileprivate func element(_ index: Int) -> Place {
            elements.indices.contains(index) ? elements[index] : inside("allOf", "\(index)")
        }
    }

    /// A place outside of models, where no other schema stands.
    mutating func place(named name: String, at span: SourceSpan) -> Place {
        placeCount += 1
        return Place(name: name, span: span, source: "\(placeCount)")
    }

    init(_ api: APIDescription) {
        models = Dictionary(api.models.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
        var seen: Set<String> = []
        modelNames = api.models.map(\.name.value).filter { seen.insert($0).inserted }
        // Names of models are theirs; derived names get a number when they meet one.
        names = NameScope(reserved: modelNames)
        heirs = Self.heirs(api.models)
    }

    /// All types, once every reference is resolved.
    mutating func finished() -> [ModelType] {
        readPending()
        return TypeCycles.marked(withoutCircularUnions(types.compactMap { $0 }))
    }

    /// Types without variants of unions that lead back to their union by unions alone: such a variant says nothing about
    /// a value, and what reads it would never end.
    private mutating func withoutCircularUnions(_ types: [ModelType]) -> [ModelType] {
        TypeCycles.withoutCircularUnions(types) { union, variant in
            report(
                SDKDiagnostics.circularModel,
                "a value of '\(types[union].name)' is one of '\(types[variant].name)', which leads back to it;"
                    + " clients leave that variant out",
                at: typeSpans[union])
        }
    }

    private mutating func readPending() {
        var next = 0
        while next < pending.count {
            let (index, facts, place) = pending[next]
            next += 1
            complete(index, facts, at: place)
        }
        pending = []
    }

    /// Resolves all models, used or not: clients offer them all.
    mutating func resolveModels() {
        for name in modelNames { _ = model(named: name) }
        readPending()
    }

    /// The type of a model for a media type.
    mutating func type(of reference: ModelReference, at place: Place) -> TypeReference {
        if let name = reference.model?.value { return model(named: name) }
        return reference.schema.map { type(of: $0, at: place) } ?? .json
    }

    /// The type of a schema.
    mutating func type(of schema: JSONValue, at place: Place) -> TypeReference {
        let facts = SchemaFacts(schema)
        let type = plainType(of: facts, at: place)
        return facts.isNullable || facts.hasNullAlternative ? Self.nullable(type) : type
    }

    /// The type of a list's element, a map's value or an error's body that allows null.
    static func nullable(_ type: TypeReference) -> TypeReference {
        type == .json || type.isNullable ? type : .nullable(type)
    }

    /// Whether a type that is made already is an enumeration.
    func isEnumeration(_ index: Int) -> Bool {
        // Enumerations have no parts and are never pending.
        guard types.indices.contains(index), case .enumeration? = types[index]?.shape else { return false }
        return true
    }

    /// A word for a type, to tell names apart by.
    func shortName(of type: TypeReference) -> String { NameWords(variantName(type)).pascal }

    /// A union of types that are made already.
    mutating func union(of members: [TypeReference], named preferred: String, at span: SourceSpan) -> TypeReference {
        let name = names.claim(preferred)
        let index = reserveType(name, at: span)
        var scope = NameScope()
        var seen: Set<TypeReference> = []
        let variants = members.map(\.withoutNull).filter { seen.insert($0).inserted }.map { type in
            Variant(
                name: scope.claim(variantName(type)), type: type, discriminatorValues: [], matcher: Matcher(kind: .any))
        }
        types[index] = ModelType(
            name: name, documentation: nil, shape: .union(Union(discriminator: nil, variants: variants)))
        let type = TypeReference.model(index)
        return members.contains(where: \.isNullable) ? .nullable(type) : type
    }

    // MARK: Models

    /// The type of a model by its name.
    mutating func model(named name: String) -> TypeReference {
        switch states[name] {
        case .resolved(let type): return type
        case .resolving:
            // Only names of names get here again; types of their own are known before their parts are read.
            report(
                SDKDiagnostics.circularModel, "model '\(name)' is nothing but itself; clients take any JSON for it",
                at: models[name]?.name.span ?? .none)
            return .json
        case nil: break
        }
        guard let model = models[name] else { return .json }
        guard aliasDepth < Self.aliasLimit else {
            report(
                SDKDiagnostics.circularModel,
                "model '\(name)' is behind more than \(Self.aliasLimit) other names; clients take any JSON for it",
                at: model.name.span)
            return .json
        }
        aliasDepth += 1
        defer { aliasDepth -= 1 }
        states[name] = .resolving
        let place = Self.place(of: model)
        let facts = SchemaFacts(model.schema)
        let type: TypeReference
        if let heirs = heirs[name], let discriminator = facts.discriminator {
            type = inheritanceUnion(model, facts, heirs, discriminator)
        } else if isNamed(facts) {
            var reference = reserve(facts, name: name, at: place)
            if facts.isNullable || facts.hasNullAlternative { reference = .nullable(reference) }
            states[name] = .resolved(reference)
            return reference
        } else {
            type = self.type(of: model.schema, at: place)
        }
        states[name] = .resolved(type)
        return type
    }

    private mutating func reserveType(_ name: String, at span: SourceSpan) -> Int {
        types.append(nil)
        typeNames.append(name)
        typeSpans.append(span)
        return types.count - 1
    }

    /// A type whose parts are read later.
    private mutating func reserve(_ facts: SchemaFacts, name: String, at place: Place) -> TypeReference {
        let index = reserveType(name, at: place.span)
        if facts.textValues != nil {
            complete(index, facts, at: place)
        } else {
            pending.append((index, facts, place))
        }
        return .model(index)
    }

    /// Whether a schema becomes a type with a name.
    private func isNamed(_ facts: SchemaFacts) -> Bool {
        if facts.reference != nil { return false }
        if facts.textValues != nil { return true }
        if facts.alternatives.count > 1 { return true }
        if facts.alternatives.count == 1, facts.properties.isEmpty { return false }
        if !facts.allOf.isEmpty {
            // One element that says something is another name for it, unless there are properties beside it.
            let shapes = facts.allOf.filter { SchemaFacts($0).hasShape }
            if shapes.count <= 1, facts.properties.isEmpty { return false }
            var visited: Set<String> = []
            return mergesToObject(facts, &visited)
        }
        return !facts.properties.isEmpty && (facts.types.isEmpty || facts.types.contains("object"))
    }

    /// Whether `allOf` is of objects. Elements that lead back are not followed.
    private func mergesToObject(_ facts: SchemaFacts, _ visited: inout Set<String>) -> Bool {
        if !facts.properties.isEmpty { return true }
        if facts.types == ["object"] { return true }
        return facts.allOf.contains { element in
            var element = SchemaFacts(element)
            while let reference = element.reference {
                guard visited.insert(reference).inserted, let target = target(of: reference) else { return false }
                element = SchemaFacts(target)
            }
            return mergesToObject(element, &visited)
        }
    }

    private mutating func complete(_ index: Int, _ facts: SchemaFacts, at place: Place) {
        let shape: ModelType.Shape
        if let values = facts.textValues {
            shape = .enumeration(values)
        } else if facts.alternatives.count > 1 {
            shape = .union(union(facts, at: place))
        } else {
            shape = .structure(structure(facts, at: place))
        }
        types[index] = ModelType(
            name: typeNames[index], documentation: facts.documentation,
            isDeprecated: facts.schema["deprecated"]?.flag ?? false, shape: shape)
    }

    // MARK: Schemas

    private mutating func plainType(of facts: SchemaFacts, at place: Place) -> TypeReference {
        if let reference = facts.reference { return referenced(reference, at: place) }
        if isNamed(facts) {
            if let type = typesInPlace[place.source] { return type }
            guard typesInPlace.count < Self.typesInPlaceLimit else { return tooMany(at: place) }
            let name = names.claim(facts.nameTitle.map { NameWords($0).pascal } ?? place.name)
            let type = reserve(facts, name: name, at: place)
            typesInPlace[place.source] = type
            return type
        }
        let alternatives = facts.alternatives
        if let only = alternatives.first, alternatives.count == 1 {
            return type(of: only.schema, at: place.inside(only.keyword, "\(only.index)"))
        }
        let elements = facts.allOf
        if let index = elements.firstIndex(where: { SchemaFacts($0).hasShape }) {
            return type(of: elements[index], at: place.element(index)).withoutNull
        }
        if facts.types.count > 1 { return severalTypes(facts, at: place) }
        switch facts.types.first {
        case "string": return Self.textType(facts.format)
        case "boolean": return .boolean
        case "integer":
            switch facts.format {
            case "int32": return .int32
            case "int64": return .int64
            default: return .integer
            }
        case "number":
            switch facts.format {
            case "int32": return .int32
            case "int64": return .int64
            default: return .double
            }
        case "array": return .list(listElement(facts, at: place))
        case "object": return .map(mapValue(facts, at: place))
        case nil where facts.schema["items"] != nil: return .list(listElement(facts, at: place))
        case nil where facts.schema["additionalProperties"] != nil && facts.properties.isEmpty:
            return .map(mapValue(facts, at: place))
        case nil where facts.constant != nil: return .string
        default: return .json
        }
    }

    private mutating func tooMany(at place: Place) -> TypeReference {
        if !diagnostics.contains(where: { $0.id == SDKDiagnostics.tooManyTypes }) {
            report(
                SDKDiagnostics.tooManyTypes,
                "schemas written in place make more than \(Self.typesInPlaceLimit) types; from here on clients take any JSON",
                at: place.span)
        }
        return .json
    }

    private static func textType(_ format: String?) -> TypeReference {
        switch format {
        case "date-time": .timestamp
        case "date": .date
        case "byte": .bytes
        default: .string
        }
    }

    private mutating func listElement(_ facts: SchemaFacts, at place: Place) -> TypeReference {
        guard let items = facts.schema["items"], case .object = items else {
            if facts.schema["items"] != nil || facts.schema["prefixItems"] != nil {
                report(
                    SDKDiagnostics.schemaUnsupported,
                    "lists with a type for each position have elements of any JSON in clients ('\(place.name)')",
                    at: place.span)
            }
            return .json
        }
        return type(of: items, at: place.part("item", "items"))
    }

    private mutating func mapValue(_ facts: SchemaFacts, at place: Place) -> TypeReference {
        guard let values = facts.schema["additionalProperties"], case .object(let members) = values, !members.isEmpty
        else { return .json }
        return type(of: values, at: place.part("value", "additionalProperties"))
    }

    /// OpenAPI 3.1: `type` as a list of several. Each is a variant.
    private mutating func severalTypes(_ facts: SchemaFacts, at place: Place) -> TypeReference {
        if let type = typesInPlace[place.source] { return type }
        guard typesInPlace.count < Self.typesInPlaceLimit else { return tooMany(at: place) }
        let name = names.claim(facts.nameTitle.map { NameWords($0).pascal } ?? place.name)
        let index = reserveType(name, at: place.span)
        typesInPlace[place.source] = .model(index)
        let entries = facts.types.enumerated().map { index, type in
            var variant = place.part("variant\(index + 1)")
            variant.source += "?\(type)"
            return VariantEntry(
                schema: .object(
                    facts.schema.objectMembers.filter { $0.name != "type" && $0.name != "description" }
                        + [JSONMember("type", .string(type))]),
                place: variant)
        }
        let variants = self.variants(entries)
        types[index] = ModelType(
            name: name, documentation: facts.documentation,
            shape: .union(Union(discriminator: nil, variants: variants)))
        return .model(index)
    }

    private mutating func referenced(_ reference: String, at place: Place) -> TypeReference {
        guard let tokens = Self.tokens(reference) else { return .json }
        if tokens.count == 1 { return model(named: tokens[0]) }
        // A reference into a model: the part is named after its path.
        guard let target = target(of: reference) else { return .json }
        if let known = states[reference] {
            if case .resolved(let type) = known { return type }
            return .json
        }
        states[reference] = .resolving
        let type = type(of: target, at: self.place(of: tokens) ?? place)
        states[reference] = .resolved(type)
        return type
    }

    /// What stands below `#/components/schemas`.
    private static func tokens(_ reference: String) -> [String]? {
        guard reference.hasPrefix("#"), let tokens = ReferencePath.tokens(String(reference.dropFirst())),
            tokens.count > 2, tokens[0] == "components", tokens[1] == "schemas"
        else { return nil }
        return Array(tokens.dropFirst(2))
    }

    private static func place(of model: Model) -> Place {
        Place(name: model.name.value, span: model.name.span, source: source(of: [model.name.value]))
    }

    /// Where a model stands, or a part of one, which is named after its path.
    private func place(of tokens: [String]) -> Place? {
        guard let first = tokens.first, let model = models[first] else { return nil }
        guard tokens.count > 1 else { return Self.place(of: model) }
        let name = tokens.filter { $0 != "properties" && $0 != "items" }.map { NameWords($0).pascal }.joined()
        return Place(name: name, span: model.name.span, source: Self.source(of: tokens))
    }

    private static func source(of tokens: [String]) -> String {
        "#" + ReferencePath.text(["components", "schemas"] + tokens)
    }

    /// The schema that a reference leads to.
    private func target(of reference: String) -> JSONValue? {
        guard let tokens = Self.tokens(reference), let model = models[tokens[0]] else { return nil }
        var value = model.schema
        for token in tokens.dropFirst() {
            if case .array(let elements) = value {
                guard let index = Int(token), elements.indices.contains(index) else { return nil }
                value = elements[index]
            } else {
                guard let next = value[token] else { return nil }
                value = next
            }
        }
        return value
    }

    // MARK: Structures

    /// Properties gathered from `allOf` and the schema itself; a later one of a name replaces an earlier one.
    private struct Merge {
        var properties: [(name: String, schema: JSONValue, place: Place)] = []
        var position: [String: Int] = [:]
        var required: Set<String> = []
        var additional: (schema: JSONValue, place: Place)?
        var visited: Set<String> = []

        mutating func add(_ facts: SchemaFacts, at place: Place) {
            required.formUnion(facts.required)
            if let value = facts.schema["additionalProperties"] { additional = (value, place) }
            for property in facts.properties {
                let part = place.part(property.name, "properties", property.name)
                if let known = position[property.name] {
                    // One that only describes keeps the type of the earlier one.
                    guard SchemaFacts(property.value).hasShape else { continue }
                    properties[known].schema = property.value
                    properties[known].place = part
                } else {
                    position[property.name] = properties.count
                    properties.append((property.name, property.value, part))
                }
            }
        }
    }

    private func merge(_ facts: SchemaFacts, at place: Place, into merge: inout Merge) {
        for (index, element) in facts.allOf.enumerated() {
            var element = SchemaFacts(element)
            var elementPlace = place.element(index)
            while let reference = element.reference {
                guard merge.visited.insert(reference).inserted, let target = target(of: reference) else {
                    element = SchemaFacts(.object([]))
                    break
                }
                element = SchemaFacts(target)
                elementPlace = Self.tokens(reference).flatMap(self.place(of:)) ?? elementPlace
            }
            self.merge(element, at: elementPlace, into: &merge)
        }
        merge.add(facts, at: place)
    }

    private mutating func structure(_ facts: SchemaFacts, at place: Place) -> Structure {
        var merged = Merge()
        merge(facts, at: place, into: &merged)
        if facts.schema["patternProperties"] != nil {
            report(
                SDKDiagnostics.schemaUnsupported,
                "'patternProperties' of '\(place.name)' are kept as additional properties of any JSON", at: place.span)
        }
        let fields = merged.properties.map {
            field($0.name, $0.schema, merged.required.contains($0.name), at: $0.place)
        }
        var additional: TypeReference?
        switch merged.additional?.schema {
        case .object(let members):
            additional = mapValue(
                SchemaFacts(.object([JSONMember("additionalProperties", .object(members))])),
                at: merged.additional?.place ?? place)
        case .boolean(true): additional = .json
        default: additional = facts.schema["patternProperties"] == nil ? nil : .json
        }
        return Structure(fields: fields, additional: additional)
    }

    private mutating func field(_ name: String, _ schema: JSONValue, _ isRequired: Bool, at place: Place) -> Field {
        let facts = SchemaFacts(schema)
        let constant = facts.reference == nil && isRequired && !facts.isNullable ? facts.constant : nil
        let type = constant == nil ? type(of: schema, at: place) : .string
        return Field(
            wireName: name, type: type, isRequired: isRequired, documentation: facts.documentation,
            isDeprecated: facts.schema["deprecated"]?.flag ?? false, constant: constant)
    }

    // MARK: Unions

    private mutating func union(_ facts: SchemaFacts, at place: Place) -> Union {
        var mapping: [String: [String]] = [:]
        for entry in facts.discriminatorMapping {
            guard let text = entry.value.text else { continue }
            // A mapping names a model or points to it. Source: OpenAPI 3.0, "Discriminator Object".
            mapping[Self.tokens(text)?.first ?? text, default: []].append(entry.name)
        }
        let hasOwnProperties = !facts.properties.isEmpty || !facts.allOf.isEmpty
        let entries = facts.alternatives.enumerated().map { number, alternative -> VariantEntry in
            let alone = place.part("variant\(number + 1)", alternative.keyword, "\(alternative.index)")
            let alternative = alternative.schema
            let name = SchemaFacts(alternative).reference.flatMap { Self.tokens($0)?.last }
            let values = name.map { mapping[$0] ?? [$0] } ?? []
            guard hasOwnProperties else { return VariantEntry(schema: alternative, values: values, place: alone) }
            // Properties beside `oneOf` are those of each alternative.
            let base = JSONValue.object(
                facts.schema.objectMembers.filter { ["properties", "required", "allOf"].contains($0.name) })
            let title = (name ?? SchemaFacts(alternative).nameTitle).map {
                [JSONMember("title", .string(NameWords(place.name).pascal + NameWords($0).pascal))]
            }
            var merged = alone
            merged.source += "&"
            merged.elements = [place, alone]
            return VariantEntry(
                schema: .object([JSONMember("allOf", .array([base, alternative]))] + (title ?? [])), values: values,
                place: merged)
        }
        let variants = variants(entries)
        let discriminator = facts.discriminator
        let isTold = discriminator != nil && variants.allSatisfy { !$0.discriminatorValues.isEmpty }
        if discriminator != nil, !isTold {
            report(
                SDKDiagnostics.discriminatorIgnored,
                "the discriminator of '\(place.name)' is not used: a schema written in place has no name for it",
                at: place.span)
        }
        return Union(discriminator: isTold ? discriminator : nil, variants: variants)
    }

    /// An alternative of a union.
    private struct VariantEntry {
        var schema: JSONValue
        /// Values of the discriminator that mean it.
        var values: [String] = []
        var place: Place
    }

    private mutating func variants(_ entries: [VariantEntry]) -> [Variant] {
        var scope = NameScope()
        var seen: Set<TypeReference> = []
        var variants: [Variant] = []
        for entry in entries {
            let type = type(of: entry.schema, at: entry.place).withoutNull
            guard seen.insert(type).inserted else { continue }
            variants.append(
                Variant(
                    name: scope.claim(variantName(type)), type: type, discriminatorValues: entry.values,
                    matcher: Matcher(kind: .any)))
        }
        return variants
    }

    private func variantName(_ type: TypeReference) -> String {
        switch type {
        case .model(let index): typeNames.indices.contains(index) ? typeNames[index] : "object"
        case .string: "string"
        case .boolean: "boolean"
        case .int32, .int64, .integer: "integer"
        case .double: "number"
        case .bytes: "bytes"
        case .timestamp: "timestamp"
        case .date: "date"
        case .json: "json"
        case .list: "list"
        case .map: "map"
        case .nullable(let inner): variantName(inner)
        }
    }

    /// A model with a discriminator that others extend by `allOf` stands for any of them.
    /// Source: OpenAPI 2.0, "Models with Polymorphism Support".
    private mutating func inheritanceUnion(
        _ model: Model, _ facts: SchemaFacts, _ heirs: [String], _ discriminator: String
    ) -> TypeReference {
        let name = model.name.value
        let index = reserveType(name, at: model.name.span)
        let reference: TypeReference = facts.isNullable ? .nullable(.model(index)) : .model(index)
        states[name] = .resolved(reference)
        var mapping: [String: [String]] = [:]
        for entry in facts.discriminatorMapping {
            guard let text = entry.value.text else { continue }
            mapping[Self.tokens(text)?.first ?? text, default: []].append(entry.name)
        }
        let place = Self.place(of: model)
        let entries = heirs.map { heir in
            VariantEntry(
                schema: .object([JSONMember("$ref", .string(Self.source(of: [heir])))]),
                values: mapping[heir] ?? [heir], place: place)
        }
        let variants = variants(entries)
        types[index] = ModelType(
            name: name, documentation: facts.documentation, isDeprecated: facts.schema["deprecated"]?.flag ?? false,
            shape: .union(Union(discriminator: discriminator, variants: variants)))
        return reference
    }

    /// Models with a discriminator of their own, and those whose `allOf` names them.
    private static func heirs(_ models: [Model]) -> [String: [String]] {
        var result: [String: [String]] = [:]
        let parents = Set(
            models.filter { SchemaFacts($0.schema).discriminator != nil && SchemaFacts($0.schema).alternatives.isEmpty }
                .map(\.name.value))
        guard !parents.isEmpty else { return [:] }
        for model in models {
            for element in SchemaFacts(model.schema).allOf {
                guard let reference = SchemaFacts(element).reference, let tokens = tokens(reference),
                    tokens.count == 1, parents.contains(tokens[0]), tokens[0] != model.name.value
                else { continue }
                result[tokens[0], default: []].append(model.name.value)
            }
        }
        return result
    }

    private mutating func report(_ id: DiagnosticID, _ message: String, at span: SourceSpan) {
        diagnostics.append(Diagnostic(id, message, at: span))
    }
}
