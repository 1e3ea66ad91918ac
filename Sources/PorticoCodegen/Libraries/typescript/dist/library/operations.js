// @ts-self-types="./operations.d.ts"
export {};
