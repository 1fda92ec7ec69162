// What Vite makes of imports that are not code. Vite's own declarations bring the DOM with them.
declare module '*.css';
declare module '*.module.css' {
  const classes: Readonly<Record<string, string>>;
  export default classes;
}
declare module '*?url' {
  const url: string;
  export default url;
}
declare module '*.svg' {
  const url: string;
  export default url;
}
