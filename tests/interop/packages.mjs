// Where the scripts of this folder find their npm packages: in .interop/ of the repository.
import { createRequire } from "node:module";

export const installed = createRequire(new URL("../../.interop/package.json", import.meta.url));
