/** The parts that a page may style, through every root. */
export const PARTS =
  'table,row,cell,name,email,role,status,button,primary,danger,dialog,field,error,badge,empty,toolbar,tab,meter';
