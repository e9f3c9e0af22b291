import { parentPort, workerData } from "node:worker_threads";
import { type RunOptions, World } from "../world.ts";

const options = workerData as Omit<RunOptions, "seed">;

parentPort?.on("message", (seed: number) => {
  void new World({ ...options, seed }).run().then((result) => parentPort?.postMessage(result, []));
});
