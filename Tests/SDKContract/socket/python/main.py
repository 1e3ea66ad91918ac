"""Runs the scenarios that are asked for with both clients and prints one JSON object; see SCENARIOS.md."""

from __future__ import annotations

import asyncio
import json
import os

from kit import Kit
from scenarios import SCENARIOS, Scenario


async def run(name: str, scenario: Scenario, is_async: bool) -> object:
    """The result of a scenario; what is unforeseen is a result too."""
    kit = Kit(name, is_async)
    try:
        return await scenario(kit)
    except Exception as error:
        return {"crash": f"{type(error).__name__}: {error}"}
    finally:
        await kit.close()


def main() -> None:
    results: dict[str, object] = {}
    wanted = os.environ.get("CONTRACT_SCENARIOS", "").split(",")
    for name, scenario in SCENARIOS.items():
        if name not in wanted:
            continue
        plain = asyncio.run(run(name, scenario, is_async=False))
        result = asyncio.run(run(name, scenario, is_async=True))
        results[name] = plain if plain == result else {"crash": "clients differ", "threads": plain, "asyncio": result}
    print(json.dumps(results, ensure_ascii=True, allow_nan=False))


if __name__ == "__main__":
    main()
