/**
 * The smallest ONNX model, `y = x`: opening it makes onnxruntime fetch and compile its WebAssembly, for which it has no call of
 * its own, while the pack is still on its way. Written by our graph writer (see the test); the worker does without that writer.
 */
export const IDLE_GRAPH: Uint8Array = Uint8Array.from(
  atob(
    'CAgSCHBwYWQtd2ViOlsKGQoBeBIEc2FtZRoEc2FtZSIISWRlbnRpdHkKFgoEc2FtZRIBeRoBeSIISWRlbnRpdHkSBGlkbGVaDwoBeBIKCggIARIECgIIAWIPCgF5EgoKCAgBEgQKAggBQgQKABAR',
  ),
  (char) => char.charCodeAt(0),
);
