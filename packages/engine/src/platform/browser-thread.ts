import { serve } from '../scheduler/thread.js';

serve(
  (message) => postMessage(message),
  (onMessage) => addEventListener('message', (event) => onMessage(event.data)),
);
